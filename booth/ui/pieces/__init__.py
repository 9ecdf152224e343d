"""What scenes are made of, where several share it or it is a thing of its own: places, widgets, patches."""
