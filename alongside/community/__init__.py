"""This installation: what it is called, who keeps it, and what every page says of it."""
