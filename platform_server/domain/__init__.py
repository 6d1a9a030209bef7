"""What a card platform knows without a disk, a wire or a clock."""
