"""A practice ground: suppliers and gateways that misbehave on purpose, as real HTTP servers."""
