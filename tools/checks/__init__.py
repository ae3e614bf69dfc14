"""What the doctor looks at, one place a module. Each yields findings and changes nothing."""
