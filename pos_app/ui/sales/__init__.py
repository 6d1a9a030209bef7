"""Past sales: one is found, told, and what may still be done for it is done."""
