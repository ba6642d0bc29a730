"""The pages: thin views over the functions the command line uses."""
