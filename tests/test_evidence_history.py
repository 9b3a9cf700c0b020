"""The model's history: what is fitted, the three blocks, and the running model beside them."""

from dataclasses import fields, replace

import numpy as np
import pytest
from run_like_history import given_by

from sim.evidence import published
from sim.evidence.fitted import BLOCKS, STARTS, Layout
from sim.evidence.given import FIGURES, PATHS, Forecast, last_known
from sim.evidence.history import simulate
from sim.evidence.past_growth import growth_path, own_noise_sd
from sim.evidence.past_lines import lines_path
from sim.evidence.past_users import towards, users_path
from sim.experiment import draws, start
from sim.model import adoption, output, parameters
from sim.model.year import OUTPUT_TERMS, next_year
from sim.policy import Scenario, lever_paths
from sim.region.region import Region

NAME = "asean+carec"
FIRST, LAST = 2000, 2023
MEMBERS = 60


@pytest.fixture(scope="module")
def region():
    return Region.load(NAME)


@pytest.fixture(scope="module")
def given(region):
    return given_by(region, LAST, LAST + 5)


@pytest.fixture(scope="module")
def layout(given):
    return Layout(given.economies, FIRST, given.last_year)


@pytest.fixture(scope="module")
def normals(layout):
    return np.random.default_rng(1).standard_normal((MEMBERS, layout.size))


@pytest.fixture(scope="module")
def history(layout, normals, given):
    return simulate(layout.draw(normals), given, LAST)


@pytest.fixture(scope="module")
def central(layout, given):
    return simulate(layout.draw(np.zeros((1, layout.size))), given, LAST)


def forecast_from(origin, given, region, members, years=5):
    """A forecast that knows all figures up to its origin."""
    observed = region.series_observed("gdp", FIRST, origin)
    gdp = np.where(observed, np.log(region.series("gdp", FIRST, origin)), np.nan)
    observed = region.series_observed("fixed_broadband", FIRST, origin)
    lines = np.where(observed, region.series("fixed_broadband", FIRST, origin), np.nan)
    luck = list(draws.year_draws(1, range(members), years, given.economies))
    observed = region.series_observed("internet_users", FIRST, origin)
    users = np.where(observed, region.series("internet_users", FIRST, origin), np.nan)
    return Forecast(origin=origin, luck=luck, log_gdp=gdp, lines=lines, users=users)


def outputs(history):
    return {"log_gdp": history.log_gdp, "users": history.users, "lines": history.lines}


def same(one, two, tolerance=0.0):
    for name, values in outputs(one).items():
        np.testing.assert_allclose(
            values, outputs(two)[name], rtol=tolerance, atol=0.0, err_msg=name
        )


# The vector


def test_normals_of_zero_are_the_medians_of_the_priors(layout):
    drawn = layout.draw(np.zeros((2, layout.size)))
    for prior in parameters.priors():
        values = getattr(drawn.parameters, prior.name)
        assert values.shape == (2, layout.economies if prior.scope == "economy" else 1), prior.name
        assert (values == prior.central).all(), prior.name
    assert (drawn.first_users_error == STARTS["users"].central).all()
    assert (drawn.first_lines == STARTS["lines"].central).all()
    assert all((noise == 0.0).all() for noise in drawn.innovations.values())


def test_every_place_of_the_vector_moves_what_its_name_says_and_nothing_else():
    layout = Layout(3, 2000, 2002)
    before = everything(layout.draw(np.zeros((1, layout.size))))
    owners = np.full(layout.size, -1)
    for position in range(3):
        owners[layout.economy(position)] = position
    for place, name in enumerate(layout.names):
        normals = np.zeros((1, layout.size))
        normals[0, place] = 0.5
        after = everything(layout.draw(normals))
        assert [key for key in after if (after[key] != before[key]).any()] == [name]
        (changed,) = np.argwhere(after[name] != before[name])
        owner, year = owners[place], layout.innovation_years[place]
        assert changed[1] == max(owner, 0)
        assert (owner == -1) == (place < layout.globals.stop)
        assert year == (2001 + changed[2] if name.endswith("innovation") else 0)


def everything(drawn):
    found = {item.name: getattr(drawn.parameters, item.name) for item in fields(drawn.parameters)}
    found |= {f"{name} innovation": values for name, values in drawn.innovations.items()}
    return found | {
        "first_users_error": drawn.first_users_error,
        "first_lines": drawn.first_lines,
    }


def test_bounds_of_the_priors_hold_for_any_normals(layout):
    for far in (-9.0, 9.0):
        p = layout.draw(np.full((1, layout.size), far)).parameters
        for prior in parameters.priors():
            low, high = prior.bounds
            values = getattr(p, prior.name)
            assert ((low <= values) & (values <= high)).all(), prior.name


def test_scopes_and_groups_cut_the_vector_without_rest_or_overlap(layout):
    scopes = [layout.globals, *(layout.economy(i) for i in range(layout.economies))]
    places = np.concatenate([np.arange(layout.size)[scope] for scope in scopes])
    assert (places == np.arange(layout.size)).all()
    assert len(layout.names) == len(layout.blocks) == len(layout.innovation_years) == layout.size
    for block in (None, *BLOCKS):
        groups = layout.groups(2015, block)
        assert len(groups) == layout.economies + 2
        assert sorted(np.concatenate(groups)) == list(range(layout.size))
        fitted = np.concatenate(groups[:-1])
        assert (layout.innovation_years[fitted] <= 2015).all()
        if block:
            assert {layout.blocks[place] for place in fitted} == {block}


def test_blocks_move_only_with_what_comes_before_them(layout, given, normals, history):
    for block, untouched in (("lines", ("log_gdp", "users")), ("users", ("log_gdp", "lines"))):
        other = normals.copy()
        other[:, layout.of_block(block)] += 0.3
        moved = simulate(layout.draw(other), given, LAST)
        for name in untouched:
            assert (outputs(moved)[name] == outputs(history)[name]).all()


def test_parameters_that_are_not_fitted_are_taken_from_a_sample(layout):
    economies = layout.economies
    sample = np.random.default_rng(2).standard_normal((4, parameters.count_draws(economies)))
    others = parameters.sample(sample, economies)
    p = layout.draw(np.zeros((4, layout.size)), others).parameters
    assert (p.course_cost == others.course_cost).all()
    assert (p.ceiling_level == 0.5).all()


@pytest.mark.parametrize("shape", [(3,), (2, 7)])
def test_normals_of_another_length_are_refused(layout, shape):
    with pytest.raises(ValueError, match="shape"):
        layout.draw(np.zeros(shape))


def test_layouts_and_years_that_cannot_be_are_refused(layout, given):
    with pytest.raises(ValueError, match="year after"):
        Layout(3, 2000, 2000)
    with pytest.raises(IndexError):
        layout.economy(layout.economies)
    with pytest.raises(ValueError, match="no block"):
        layout.of_block("trade")
    drawn = layout.draw(np.zeros((1, layout.size)))
    with pytest.raises(ValueError, match="cannot run to"):
        simulate(drawn, given, given.last_year + 1)
    few = Layout(3, FIRST, LAST)
    with pytest.raises(ValueError, match="drawn for"):
        simulate(few.draw(np.zeros((1, few.size))), given, LAST)


# Given


def test_given_paths_end_in_what_a_run_from_the_origin_would_assume(region):
    given = given_by(region, 2015, 2020)
    full = given_by(region, LAST, LAST)
    world = start.build_world(replace(region, base_year=2015), 2020)
    assert given.last_year == 2020
    np.testing.assert_array_equal(given.population[:, :16], full.population[:, :16])
    np.testing.assert_allclose(given.population[:, 15:], world.population.T)
    np.testing.assert_array_equal(given.investment_share[:, 16], world.investment_share)
    assert (given.growth_noise_sd == world.growth_noise_sd).all()


def test_given_arrays_that_do_not_fit_are_refused(given):
    with pytest.raises(ValueError, match="urban_share has shape"):
        replace(given, urban_share=given.urban_share[:, 1:])
    with pytest.raises(ValueError, match="gini has a number that is missing"):
        replace(given, gini=np.full_like(given.gini, np.nan))
    with pytest.raises(ValueError, match="first_gdp must be above zero"):
        replace(given, first_gdp=0.0 * given.first_gdp)
    with pytest.raises(ValueError, match="first_users must be"):
        replace(given, first_users=0.0 * given.first_users)


def test_the_last_figure_is_met_in_its_own_year():
    figures = np.array([[1.0, 2.0, np.nan], [np.nan, np.nan, np.nan], [1.0, 2.0, 3.0]])
    path = np.array([[[10.0, 20.0, 30.0]] * 3])
    last, reached = last_known(figures, path)
    np.testing.assert_array_equal(last, [2.0, np.nan, 3.0])
    np.testing.assert_array_equal(reached, [[20.0, np.nan, 30.0]])


# The paths


def test_medians_give_every_economy_an_s_curve(central, given):
    users = central.users[0]
    assert (np.diff(users, axis=1) > -1e-9).all()
    odds = np.diff(adoption.logit(users[:, 3:]), axis=1)
    assert (odds < 0.6).all()
    assert (users[:, 0] < 0.37).all()
    assert (users[:, -1] > 0.45).all()
    assert (users[:, -1] < 0.995).all()
    # Slow, then fast, then slow: the largest step is neither the first nor, for the rich, the last.
    steps = np.diff(users, axis=1)
    rich = users[:, -1] > 0.9
    assert rich.any()
    assert (steps.argmax(axis=1)[rich] < steps.shape[1] - 2).all()
    assert (np.diff(central.lines[0], axis=1) > 0.0).all()


def test_the_prior_covers_most_published_users_figures(region, layout, given):
    """0.89 of the figures of 2005-2023 are within the 90 % band."""
    many = np.random.default_rng(1).standard_normal((500, layout.size))
    history = simulate(layout.draw(many), given, LAST)
    figures = published.published_users(
        history.users[:, :, 5:], np.random.default_rng(3), rebasing=False
    )
    low, high = np.quantile(figures, [0.05, 0.95], axis=0)
    seen = region.series_observed("internet_users", 2005, LAST)
    truth = region.series("internet_users", 2005, LAST)
    inside = ((low <= truth) & (truth <= high))[seen].mean()
    assert 0.75 < inside < 0.99
    assert np.median(high - low) < 0.8  # and not by saying nothing


def test_users_and_lines_stay_shares_whatever_the_normals(layout, given):
    wild = 4.0 * np.random.default_rng(4).standard_normal((40, layout.size))
    found = simulate(layout.draw(wild), given)
    for values in (found.users, found.lines, found.adoption.online):
        assert (values >= 0.0).all()
        assert (values <= 1.0).all()
    assert np.isfinite(found.log_gdp).all()


def test_people_are_conserved(given, history):
    """Those online and offline, cohort by cohort, add up to the population."""
    people = given.population[:, LAST - FIRST]
    weights = adoption.cohort_weights(given.urban_share[:, LAST - FIRST]) * people[:, None]
    online = (weights * history.adoption.online).sum(axis=-1)
    offline = (weights * (1.0 - history.adoption.online)).sum(axis=-1)
    np.testing.assert_allclose(online + offline, np.tile(people, (MEMBERS, 1)), rtol=1e-12)
    np.testing.assert_allclose(online, history.users[:, :, -1] * people, rtol=1e-12)


def test_users_start_from_the_first_figure_with_its_error(layout, given, normals, history):
    error = layout.draw(normals).first_users_error
    np.testing.assert_allclose(
        adoption.logit(history.users[:, :, 0]), adoption.logit(given.first_users) + error, rtol=1e-6
    )


def test_gdp_without_shocks_grows_at_trend(given):
    """Productivity at gamma + g; GDP per worker, in the long run, at that over 1 - phi."""
    economies, years = given.economies, 400
    steady = {name: np.repeat(getattr(given, name)[:, :1], years, axis=1) for name in PATHS}
    given = replace(given, **steady)
    p = parameters.central(economies)
    p.catching_up = np.zeros((1, 1))
    p.growth_effect = np.linspace(-0.005, 0.005, economies)[None, :]
    path = growth_path(p, np.zeros((1, economies, years)), given, FIRST + years - 1).log_gdp[0]
    trend = p.trend_growth[0, 0] + p.growth_effect[0]
    growth = np.diff(path, axis=1)
    np.testing.assert_allclose(growth[:, -1], trend / (1.0 - p.capital_share[0, 0]), rtol=1e-4)


def test_the_poor_catch_up(given):
    p = parameters.central(given.economies)
    noise = np.zeros((1, given.economies, LAST - FIRST))
    with_it = growth_path(p, noise, given, FIRST + 1).log_gdp[0, :, 1]
    without = growth_path(
        replace(p, catching_up=np.zeros((1, 1))), noise, given, FIRST + 1
    ).log_gdp[0, :, 1]
    gap = output.catch_up_gap(given.first_gdp / given.population[:, 0])
    np.testing.assert_allclose(with_it - without, -p.catching_up[0, 0] * gap, atol=1e-9)


def test_published_gdp_may_stand_in_for_the_fitted_path(layout, given, normals, history, region):
    drawn = layout.draw(normals)
    gdp = np.log(region.series("gdp", FIRST, LAST))[None]
    noise = drawn.innovations
    users = users_path(
        drawn.parameters, drawn.first_users_error, noise["adoption"], gdp, given
    ).users
    lines = lines_path(
        drawn.parameters, drawn.first_lines, noise["broadband"], noise["lines"], gdp, given
    ).lines
    assert users.shape == lines.shape == history.users.shape
    assert np.abs(users - history.users).max() > 0.0
    assert np.median(np.abs(users - history.users)) < 0.1


# Order, time and members


def test_another_order_of_economies_gives_the_same_histories(layout, given, normals, history):
    order = np.random.default_rng(5).permutation(layout.economies)
    shuffled = replace(
        given,
        **{name: getattr(given, name)[order] for name in (*PATHS, *FIGURES)},
        trade_weights=given.trade_weights[np.ix_(order, order)],
    )
    own = np.concatenate([np.arange(layout.size)[layout.economy(i)] for i in order])
    places = np.concatenate([np.arange(layout.globals.stop), own])
    found = simulate(layout.draw(normals[:, places]), shuffled, LAST)
    for name, values in outputs(found).items():
        np.testing.assert_allclose(values, outputs(history)[name][:, order], rtol=1e-10)


def test_later_innovations_leave_earlier_years_as_they_were(layout, given, normals, history):
    other = normals.copy()
    other[:, ~layout.known_by(2014)] += 1.0
    found = simulate(layout.draw(other), given, LAST)
    last = 2014 - FIRST + 1
    for name, values in outputs(found).items():
        assert (values[:, :, :last] == outputs(history)[name][:, :, :last]).all(), name
        assert (values[:, :, last] != outputs(history)[name][:, :, last]).any(), name


def test_a_longer_run_begins_with_the_shorter_one(layout, given, normals, history):
    found = simulate(layout.draw(normals), given)
    for name, values in outputs(found).items():
        assert (values[:, :, : LAST - FIRST + 1] == outputs(history)[name]).all()


def test_a_member_alone_is_the_same_as_among_others(layout, given, normals, history):
    alone = simulate(layout.draw(normals[[7]]), given, LAST)
    for name, values in outputs(alone).items():
        np.testing.assert_allclose(values[0], outputs(history)[name][7], rtol=1e-12)


# Forecasts


def test_a_forecast_leaves_history_alone_and_starts_from_the_last_figures(
    layout, given, normals, history, region
):
    forecast = forecast_from(LAST, given, region, MEMBERS)
    found = simulate(layout.draw(normals), given, LAST + 5, forecast)
    same_until = LAST - FIRST
    for name, values in outputs(found).items():
        assert (values[:, :, :same_until] == outputs(history)[name][:, :, :same_until]).all()
    figures = np.tile(forecast.log_gdp[:, -1], (MEMBERS, 1))
    np.testing.assert_allclose(found.log_gdp[:, :, same_until], figures, rtol=1e-12)
    ratio = found.lines[:, :, same_until] / history.lines[:, :, -1]
    assert (ratio > 0.2 - 1e-9).all()
    assert (ratio < 5.0 + 1e-9).all()
    met = np.isclose(found.lines[:, :, same_until], forecast.lines[:, -1])
    assert met.mean() > 0.5
    last = forecast.users[:, -1]
    given_one = np.isfinite(last)
    before, after = history.users[:, :, -1], found.users[:, :, same_until]
    assert (after[:, ~given_one] == before[:, ~given_one]).all()
    assert given_one.sum() > 15
    nearer = np.abs(after - last) <= np.abs(before - last)
    assert nearer[:, given_one].mean() > 0.99
    way = (adoption.logit(after) - adoption.logit(before)) / (
        adoption.logit(last) - adoption.logit(before)
    )
    assert np.median(way[:, given_one]) == pytest.approx(0.5, abs=0.1)


def test_figures_of_nobody_or_everybody_online_move_no_forecast():
    online = np.full((2, 3, 10), 0.4)
    users = np.full((2, 3), 0.4)
    figures = np.array([[0.1, 0.0], [0.1, 1.0], [0.1, np.nan]])
    assert (towards(online, users, figures) == online).all()
    assert (towards(online, users, None) == online).all()
    figures[0, -1] = 0.6
    moved = towards(online, users, figures)
    half = (adoption.logit(0.4) + adoption.logit(0.6)) / 2.0
    np.testing.assert_allclose(adoption.logit(moved[:, 0]), half)
    assert (moved[:, 1:] == online[:, 1:]).all()


def test_stormy_pasts_give_wider_growth_noise():
    """Innovations of 2 and 0 standard deviations, ten years: (5 x 2 + 10 x 4) / 15, and 10 / 15."""
    xi = np.stack([np.full((3, 10), 2.0), np.zeros((3, 10))], axis=1)
    found = own_noise_sd(np.array([0.02, 0.02]), xi)
    np.testing.assert_allclose(found, 0.02 * np.sqrt([50.0 / 15.0, 10.0 / 15.0]))
    alone = own_noise_sd(np.array([0.03]), np.ones((4, 1, 12)))
    np.testing.assert_allclose(alone, 0.03)


def test_crises_cost_a_forecast_their_mean_loss(layout, given):
    members = 4000
    drawn = layout.draw(np.zeros((members, layout.size)))
    forecast = Forecast(
        origin=LAST,
        luck=list(draws.year_draws(1, range(members), 5, given.economies)),
        log_gdp=np.full((given.economies, LAST - FIRST + 1), np.nan),
        lines=np.full((given.economies, LAST - FIRST + 1), np.nan),
    )
    found = simulate(drawn, given, LAST + 5, forecast)
    usual = simulate(layout.draw(np.zeros((1, layout.size))), given, LAST + 5)
    growth = np.diff(found.log_gdp, axis=2)[:, :, -4:]
    # The four years from the second on: in the first nothing of an earlier crisis comes back
    assert growth.std(axis=0).min() > 0.005
    lost = (0.06 * 0.035 + 0.02 * 0.08) * (1.0 - 0.4)
    calm = np.diff(usual.log_gdp, axis=2)[:, :, -4:].mean(axis=(0, 1))
    np.testing.assert_allclose(growth.mean(axis=(0, 1)), calm - lost, atol=0.001)


def test_a_forecast_without_enough_luck_or_figures_is_refused(layout, given, normals, region):
    forecast = forecast_from(LAST, given, region, MEMBERS, years=2)
    with pytest.raises(ValueError, match="luck"):
        simulate(layout.draw(normals), given, LAST + 5, forecast)
    with pytest.raises(ValueError, match="lines of the forecast"):
        simulate(layout.draw(normals), given, LAST + 2, replace(forecast, lines=forecast.lines[1:]))


def test_a_year_of_history_is_a_year_of_the_running_model(region):
    """From the same base year and parameters, with the same crises: the same to rounding.

    Users and lines have every channel in common. GDP of the running model has further terms on top
    (returns to internet use since the base year, trade, skills, incidents, ...), and its trend is
    net of past returns: with these taken out it is the same. Together they are less than a fifth of
    a percent on average, and about 1 % at most where no large incident comes.
    """
    members, economies = 8, len(region.economies)
    world = start.build_world(region, LAST + 1)
    setup = start.build_setup(region, world, 1, range(members))
    p, base = setup.parameters, setup.base
    still = np.zeros((members, economies))
    base.adoption_noise = base.broadband_noise = base.growth_shock = still
    luck = next(iter(draws.world_draws(1, range(members), world)))
    luck = replace(luck, adoption=still, broadband=still, lines=still, growth=still)
    levers = lever_paths(Scenario.baseline(NAME, LAST + 1), region).at(0)
    run = next_year(base, levers, luck, setup, 1)

    long = given_by(region, LAST, LAST + 1)
    given = replace(
        long,
        first_year=LAST,
        first_users=region.base("internet_users"),
        first_gdp=region.base("gdp"),
        **{name: getattr(long, name)[:, -2:] for name in PATHS},
    )
    capital = np.log(base.capital / base.gdp / given.capital_ratio)
    layout = Layout(economies, LAST, LAST + 1)
    drawn = replace(
        layout.draw(np.zeros((members, layout.size))),
        parameters=replace(p, start_capital_error=capital),
        first_users_error=adoption.logit(base.internet_users) - adoption.logit(given.first_users),
        first_lines=np.log(base.fixed_broadband),
    )
    unknown = np.full((economies, 1), np.nan)
    forecast = Forecast(origin=LAST, luck=[luck], log_gdp=unknown, lines=unknown)
    found = simulate(drawn, given, forecast=forecast)
    np.testing.assert_allclose(found.users[:, :, 1], run.internet_users, rtol=1e-9)
    np.testing.assert_allclose(found.adoption.online, run.online, rtol=1e-7)
    np.testing.assert_allclose(found.lines[:, :, 1], run.fixed_broadband, rtol=1e-9)
    extra = sum(getattr(run, name) for name in OUTPUT_TERMS)
    extra = extra - output.digital_level(p) * world.digital_history
    np.testing.assert_allclose(found.log_gdp[:, :, 1], np.log(run.gdp) - extra, rtol=0, atol=1e-9)
    assert abs(np.mean(extra)) < 0.002
    assert np.median(np.abs(extra)) < 0.003
    assert np.quantile(np.abs(extra), 0.95) < 0.02


# Figures


def test_errors_of_figures_are_those_of_the_prototype():
    assert published.users_sd(np.array(0.5)) == pytest.approx(np.hypot(0.06, 0.04))
    assert published.lines_sd(np.array(0.2)) == pytest.approx(0.011)


def test_figures_far_from_a_first_fit_are_doubted():
    sd = published.doubted(np.full(3, 0.1), np.array([0.0, 1.0, 46.0]))
    np.testing.assert_allclose(sd, 0.1 * np.sqrt([0.8, 1.0, 10.0]))


def test_published_figures_scatter_around_the_truth_by_their_errors():
    random = np.random.default_rng(6)
    share = np.full((4000, 1, 3), 0.4)
    plain = adoption.logit(published.published_users(share, random, rebasing=False))
    assert plain.mean() == pytest.approx(adoption.logit(0.4), abs=0.01)
    assert plain.std() == pytest.approx(published.users_sd(np.array(0.4)), rel=0.05)
    spread = adoption.logit(published.published_users(share, random)).std(axis=(0, 1))
    expected = np.sqrt(plain.var() + (0.05 * 0.6**2 + 0.04**2) * np.arange(1, 4))
    np.testing.assert_allclose(spread, expected, rtol=0.12)
    edge = published.published_users(np.full((500, 1, 1), 0.9999), random, rebasing=False)
    assert adoption.logit(edge).std() == pytest.approx(0.5, rel=0.1)
    lines = published.published_lines(np.full((4000, 1, 1), 0.1), random)
    assert lines.std() == pytest.approx(0.0057, rel=0.05)
    assert (published.published_lines(np.zeros((99, 1, 1)), random) >= 0.0).all()
    assert published.published_log_gdp(np.zeros((4000, 1, 1)), random).std() == pytest.approx(
        0.01, rel=0.05
    )
