"""A former page, whose links still open: Explore has taken its place."""

from dashboard.app_pages import explore

if __name__ == "__main__":
    explore.page()
