"""Run the plans of many standards over a slice as arrays, each common step once."""
