"""From runs of ink, column by column, to paths: linked, in as few lines as explain the ink."""
