"""What render needs: MJML compiled, hardened and looked over."""
