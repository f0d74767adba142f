"""How any recogniser bears packet loss on any recordings."""
