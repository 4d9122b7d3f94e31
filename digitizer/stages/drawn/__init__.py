"""Put what was read onto the paths and texts of the drawing that the picture was rendered from."""
