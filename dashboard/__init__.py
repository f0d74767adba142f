"""The dashboard: hear packet loss, see what it does to emotion recognition."""
