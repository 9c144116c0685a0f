"""How much may run at once: budget.py says what there is, admission.py who may have it. Pure; time is an argument."""
