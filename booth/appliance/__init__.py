"""What makes a machine an appliance: its card, its network, its releases. Run as root, beside the booth."""
