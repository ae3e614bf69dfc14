"""What a developer runs beside the function: register, doctor, tunnel. None of it is deployed."""
