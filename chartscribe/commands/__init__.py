"""The subcommands, one a module; nothing heavy is imported before one runs."""
