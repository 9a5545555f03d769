"""Who is this, and may they be here?"""
