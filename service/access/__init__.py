"""Who may call, for what and how much: keys, scopes, quotas and rate limits. Knows no web framework."""
