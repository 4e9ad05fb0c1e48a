"""The workflows of CI as GitHub, GitLab and the shell take them."""
