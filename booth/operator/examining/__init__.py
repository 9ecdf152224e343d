"""What `booth doctor` has beside the checks of the machine: those of the network, and its two faces."""
