from handlers import scans


def test_the_interval_grows_with_the_channels() -> None:
    assert scans.effective_interval(180, channels=10, requests=20) == 180
    assert scans.effective_interval(180, channels=100, requests=20) == 300


def test_busy_channels_are_scanned_oftener_from_what_the_round_leaves_over() -> None:
    quiet = scans.turn_interval(180, channels=10, requests=20, rate=0.0)
    busy = scans.turn_interval(180, channels=10, requests=20, rate=10 / 90)
    busiest = scans.turn_interval(180, channels=10, requests=20, rate=50.0)
    assert (quiet, busy, busiest) == (162, 90, 45)


def test_where_the_round_takes_the_whole_budget_nobody_is_preferred() -> None:
    assert scans.turn_interval(180, channels=100, requests=20, rate=50.0) == 300


def test_even_if_all_are_busy_the_round_fits_into_the_budget() -> None:
    for count in range(1, 200):
        interval = scans.turn_interval(60, channels=count, requests=20, rate=100.0)
        assert count / interval * 60 <= 20


def test_the_rate_follows_the_last_measurements() -> None:
    rate = scans.smoothed_rate(None, 30, 60)
    assert rate == 0.5
    assert scans.smoothed_rate(rate, 0, 60) == 0.25
