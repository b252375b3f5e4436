# The superuser's home: programs keep what they remember here, for as long as their pod lives.
