"""Files to a frozen, positioned model. reader.py finds and reads them; model.py is what comes out."""
