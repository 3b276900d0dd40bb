"""What the service tells of itself: metrics and logs. Neither ever holds a text or who sent it."""
