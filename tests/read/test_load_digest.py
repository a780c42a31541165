"""A policy's digest: what the file means, not how it is laid out."""

from engine import load_policy

TEXT = """
policy: shop
title: Shop
version: '1'
currency: USD
timezone: America/Denver
decisions:
  return:
    asks: May it come back?
    outputs: {outcome: {type: [deny, approve], combine: COMBINE}}
    rules:
RULES
"""
A, B = "      a: {then: {outcome: deny}}", "      b: {then: {outcome: approve}}"


def digest(combine, *rules):
    text = TEXT.replace("COMBINE", combine).replace("RULES", "\n".join(rules))
    return load_policy(text.encode()).digest


def test_the_order_of_rules_counts_only_where_the_author_asks_for_it():
    assert digest("strictest", A, B) == digest("strictest", B, A)
    assert digest("first", A, B) != digest("first", B, A)


def test_layout_and_comments_do_not_count_and_meaning_does():
    assert digest("strictest", A, B) == digest("strictest", "      # a remark", A, "", B)
    assert digest("strictest", A) != digest("strictest", A, B)


def test_the_layout_of_a_condition_does_not_count_and_its_words_do():
    def asks(condition):
        return digest("strictest", f"      a: {{when: {condition}, then: {{outcome: deny}}}}")

    assert asks("order.is_gift  and  (order.is_gift)") == asks("order.is_gift and order.is_gift")
    assert asks('"order.is_gift"') == asks("order.is_gift")
    assert asks("order.placed_at + 1 year > request.at") == asks("order.placed_at + 12 months > request.at")
    assert asks("order.placed_at + 365 days > request.at") != asks("order.placed_at + 12 months > request.at")
    assert asks("not order.is_gift") != asks("order.is_gift")
