"""What ``booth outbox`` is made of: what it shows of visits, and what it does with them."""
