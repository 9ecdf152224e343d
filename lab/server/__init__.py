"""What a network and a server that misbehave do to what the booth sends."""
