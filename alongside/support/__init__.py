"""Someone to call: helplines and organisations by country, and the page that shows them.

Keeps H1 (helplines in one tap, without JavaScript or an account; the country is the one chosen, else the
installation's) and H3 (links and numbers are text of our own; nothing is fetched). The shipped entries are
data files with their source and the day they were checked; what nobody has checked is not shown until a host
confirms it.
"""
