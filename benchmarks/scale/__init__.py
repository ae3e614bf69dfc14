"""How far it scales: a simulation of Cloud Run around the function, calibrated by and checked against the real one."""
