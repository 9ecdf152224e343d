"""The durable queue between the darkroom and the bucket: folders on disk, and the uploader that empties them."""
