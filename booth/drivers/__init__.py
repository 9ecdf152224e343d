"""What is outside, met: one foreign library a file, our words out. `cameras` and `buckets` choose; `settings` asks.

`gpio` has the button and the lamp, with `header` for the names of pins. `s3` has the bucket: `wire` beneath it speaks,
`amazon` is what boto3 knows. `webcam` stands on `v4l2`. Else no driver knows another.
"""
