"""What the reader of HTML needs: parsing safely, finding the article, turning it into lines."""
