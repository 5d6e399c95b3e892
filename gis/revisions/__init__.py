"""What happened between two states of the plan, in words, numbers and clouds."""
