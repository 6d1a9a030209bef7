"""The settings' payment part: which gateways take electronic money, how they are set up, and the proof that they work."""
