"""What tests of questions in several rooms need."""
