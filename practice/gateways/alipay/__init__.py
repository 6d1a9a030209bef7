"""Alipay's face-to-face payment as a practice gateway, in key mode and in certificate mode."""
