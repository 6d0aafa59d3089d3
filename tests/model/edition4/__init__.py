"""Edition 4, a second time, written from docs/spec without a look at the engine.

funding     matches, shares, cycles, crowd-matching, surplus and delegation, in fractions; check_funding compares a binary with it
commitments options, conviction bit for bit, deadlines, other clauses      } a co-op with these, by coop, rules, acts and periods;
supplies    requests, servings, and when a request is likely to be served  } check_mechanisms compares a binary with it
releases    patrons, and when a version is open                            }
credit      credit of people by plain dense linear algebra: a node for each item and for each week of each person, and no week left out
"""
