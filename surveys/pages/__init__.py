"""What citizens see. Every page works without JavaScript, cookies or an account."""
