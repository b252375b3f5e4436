let   a
