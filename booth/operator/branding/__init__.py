"""What ``booth brand preview`` makes: pictures with the layout, what is measured of them, and a page that shows all."""
