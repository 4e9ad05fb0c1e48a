"""Program of the scans' containers."""
