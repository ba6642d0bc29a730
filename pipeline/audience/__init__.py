"""Who receives: subscribers, consent, suppression, and the keys that recognise them."""
