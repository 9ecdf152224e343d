"""What ``booth status`` is made of: what is found, as words, as JSON, as Prometheus reads it."""
