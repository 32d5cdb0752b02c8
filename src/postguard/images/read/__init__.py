"""What a picture's file tells besides the picture: one reader for each kind of metadata, one for each container."""
