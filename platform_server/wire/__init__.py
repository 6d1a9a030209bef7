"""What leaves or enters by cable or from the machine: time, names, seals, suppliers."""
