"""The ensemble smoother: against closed forms, and what localisation is for."""

import numpy as np
import pytest

from sim.errors import InputError
from sim.evidence import smoother
from sim.evidence.smoother import Block, assimilate, mismatch, perturbations, spread_kept

ALL = [Block(slice(None), slice(None))]


def prior(members, parameters, seed=1):
    return np.random.default_rng(seed).standard_normal((members, parameters))


def linear(parameters, data, error, seed=2):
    """A linear problem: matrix (datum, parameter), observed, errors, posterior mean, covariance."""
    rng = np.random.default_rng(seed)
    matrix = rng.standard_normal((data, parameters)) / np.sqrt(parameters)
    observed = matrix @ rng.standard_normal(parameters) + error * rng.standard_normal(data)
    return matrix, observed, np.full(data, error), *closed_form(matrix, observed, error)


def closed_form(matrix, observed, error):
    covariance = np.linalg.inv(np.eye(matrix.shape[1]) + matrix.T @ matrix / error**2)
    return covariance @ matrix.T @ observed / error**2, covariance


def economies(count, parameters, data):
    return [
        Block(
            slice(i * parameters, (i + 1) * parameters),
            slice(i * data, (i + 1) * data),
        )
        for i in range(count)
    ]


def separate(count, parameters, data, error, seed=3):
    """Economies with nothing in common: a block-diagonal matrix."""
    rng = np.random.default_rng(seed)
    matrix = np.zeros((count * data, count * parameters))
    for block in economies(count, parameters, data):
        matrix[block.data, block.parameters] = rng.standard_normal((data, parameters))
    truth = rng.standard_normal(matrix.shape[1])
    observed = matrix @ truth + error * rng.standard_normal(len(matrix))
    return matrix, observed, np.full(len(matrix), error)


# Against the closed form


@pytest.mark.parametrize("rounds", [1, 4])
@pytest.mark.parametrize("error", [0.1, 0.5, 2.0])
def test_a_linear_problem_gives_the_posterior_of_the_closed_form(rounds, error):
    matrix, observed, errors, mean, covariance = linear(4, 7, error)
    fitted = assimilate(
        prior(2000, 4), lambda x: x @ matrix.T, observed, errors, 5, rounds, blocks=ALL
    )
    sd = np.sqrt(np.diag(covariance))
    assert np.abs((fitted.mean(axis=0) - mean) / sd).max() < 4 / np.sqrt(2000)
    difference = (np.cov(fitted.T) - covariance) / np.outer(sd, sd)
    assert np.abs(difference).max() < 5 * np.sqrt(2 / 2000)


def test_more_data_than_members_still_give_the_posterior():
    matrix, observed, errors, mean, covariance = linear(3, 700, 2.0)
    fitted = assimilate(prior(600, 3), lambda x: x @ matrix.T, observed, errors, 5, 1, blocks=ALL)
    # 700 data and 600 members: chance correlations cost spread, the mean still holds.
    assert np.abs((fitted.mean(axis=0) - mean) / np.sqrt(np.diag(covariance))).max() < 1.0
    ratio = fitted.std(axis=0) / np.sqrt(np.diag(covariance))
    assert np.all((ratio > 0.3) & (ratio < 1.1))


def test_without_information_the_prior_stays():
    before = prior(500, 3)
    matrix, observed, errors, *_ = linear(3, 5, 1e6)
    fitted = assimilate(before, lambda x: x @ matrix.T, observed, errors, 5, blocks=ALL)
    assert fitted == pytest.approx(before, abs=1e-3)


# The algebra


@pytest.mark.parametrize("data", [5, 30, 40, 90])
def test_both_sides_of_the_inverse_and_the_subspace_give_the_same_step(data):
    rng = np.random.default_rng(8)
    anomalies, predicted = rng.standard_normal((30, 6)), 9 * rng.standard_normal((30, data))
    anomalies -= anomalies.mean(axis=0)
    predicted -= predicted.mean(axis=0)
    innovations = rng.standard_normal((30, data))
    by_data = smoother.in_data_space(anomalies, predicted, innovations, 4.0)
    by_members = smoother.in_member_space(anomalies, predicted, innovations, 4.0)
    u, s, vt = np.linalg.svd(predicted, full_matrices=False)
    subspace = innovations @ vt.T @ np.diag(s / (s**2 + 4.0)) @ u.T @ anomalies
    gain = anomalies.T @ predicted @ np.linalg.inv(predicted.T @ predicted + 4.0 * np.eye(data))
    assert by_data == pytest.approx(by_members, abs=1e-10)
    assert by_data == pytest.approx(subspace, abs=1e-10)
    assert by_data == pytest.approx(innovations @ gain.T, abs=1e-10)


@pytest.mark.parametrize("data", [4, 12])
def test_a_step_is_innovation_times_the_gain_of_sample_covariances(data):
    rng = np.random.default_rng(8)
    parameters, predicted = rng.standard_normal((8, 3)), rng.standard_normal((8, data))
    innovations = rng.standard_normal((8, data))
    joint = np.cov(np.hstack([parameters, predicted]).T)
    gain = joint[:3, 3:] @ np.linalg.inv(joint[3:, 3:] + 4.0 * np.eye(data))
    moved = smoother.step(parameters, predicted - predicted.mean(axis=0), innovations, 4.0)
    assert moved == pytest.approx(innovations @ gain.T, abs=1e-12)


def test_data_that_are_nearly_the_same_do_not_break_the_inverse():
    row = np.ones((1, 2))
    matrix, errors = np.repeat(row, 50, axis=0), np.full(50, 1e-4)
    fitted = assimilate(prior(40, 2), lambda x: x @ matrix.T, np.ones(50), errors, 5, blocks=ALL)
    assert fitted @ row.T == pytest.approx(np.ones((40, 1)), abs=1e-2)


def test_the_order_of_the_data_in_a_step_changes_nothing():
    rng = np.random.default_rng(8)
    parameters, scaled = rng.standard_normal((30, 6)), rng.standard_normal((30, 20))
    scaled -= scaled.mean(axis=0)
    innovations, order = rng.standard_normal((30, 20)), rng.permutation(20)
    one = smoother.step(parameters, scaled, innovations, 4.0)
    other = smoother.step(parameters, scaled[:, order], innovations[:, order], 4.0)
    assert other == pytest.approx(one, abs=1e-12)


# A model that is not linear


def test_a_logit_problem_moves_to_the_truth_and_four_rounds_beat_one():
    time = np.linspace(-2, 2, 15)

    def predict(x):
        return 1 / (1 + np.exp(-(1.5 * x[:, :1] + np.exp(0.7 * x[:, 1:]) * time)))

    errors, results = np.full(15, 0.02), {1: [], 4: []}
    before = []
    for case in range(12):
        rng = np.random.default_rng(case)
        truth, sample = rng.standard_normal(2), prior(300, 2, seed=100 + case)
        observed = predict(truth[None])[0] + errors * rng.standard_normal(15)
        before.append(np.abs(sample - truth).mean())
        for rounds in results:
            fitted = assimilate(sample, predict, observed, errors, case, rounds, blocks=ALL)
            away = np.abs(fitted - truth).mean()
            results[rounds].append((away, mismatch(predict(fitted), observed, errors)))
    one, four = np.mean(results[1], axis=0), np.mean(results[4], axis=0)
    assert four[0] < 0.25 * np.mean(before)
    assert four[0] < 0.8 * one[0]
    assert four[1] < 0.5 * one[1]


# Localisation


def test_a_block_without_data_stays_exactly_as_it_was():
    matrix, observed, errors, *_ = linear(5, 6, 0.1)
    before = prior(50, 5)
    blocks = [Block([0, 3], slice(None)), Block([1, 2, 4], [])]
    fitted = assimilate(before, lambda x: x @ matrix.T, observed, errors, 5, blocks=blocks)
    assert np.array_equal(fitted[:, [1, 2, 4]], before[:, [1, 2, 4]])
    assert not np.allclose(fitted[:, [0, 3]], before[:, [0, 3]])


def test_an_economy_is_blind_to_the_data_of_the_others():
    matrix, observed, errors = separate(2, 3, 5, 0.3)
    before, blocks = prior(80, 6), economies(2, 3, 5)
    other = np.concatenate([observed[:5], observed[5:] + 10])
    one, two = (
        assimilate(before, lambda x: x @ matrix.T, data, errors, 5, blocks=blocks)
        for data in (observed, other)
    )
    assert np.array_equal(one[:, :3], two[:, :3])
    assert not np.allclose(one[:, 3:], two[:, 3:])


def test_two_economies_in_blocks_are_two_separate_problems():
    matrix, observed, errors = separate(2, 3, 5, 0.3)
    before, blocks = prior(2000, 6), economies(2, 3, 5)
    joint = assimilate(before, lambda x: x @ matrix.T, observed, errors, 5, blocks=blocks)
    for seed, block in zip((5, 6), blocks, strict=True):
        own = matrix[block.data, block.parameters]
        alone = assimilate(
            before[:, block.parameters],
            lambda x, own=own: x @ own.T,
            observed[block.data],
            errors[block.data],
            seed,
            blocks=ALL,
        )
        sd = alone.std(axis=0)
        assert np.abs((joint[:, block.parameters].mean(axis=0) - alone.mean(axis=0)) / sd).max() < (
            5 / np.sqrt(2000)
        )
        assert joint[:, block.parameters].std(axis=0) / sd == pytest.approx(np.ones(3), abs=0.1)


def test_localisation_keeps_the_spread_that_chance_correlations_would_take():
    matrix, observed, errors = separate(20, 5, 6, 0.5)
    blocks, kept = economies(20, 5, 6), {"own": [], "all": []}
    exact = np.sqrt(np.diag(closed_form(matrix, observed, 0.5)[1]))
    for case in range(3):
        before = prior(100, 100, seed=case)
        for name, seen in (("own", blocks), ("all", ALL)):
            fitted = assimilate(before, lambda x: x @ matrix.T, observed, errors, case, blocks=seen)
            kept[name].append(np.mean(fitted.std(axis=0, ddof=1) / exact))
    assert 0.95 < np.mean(kept["own"]) < 1.05
    assert np.mean(kept["all"]) < 0.75


def test_a_global_and_effects_of_economies_find_the_truth_from_the_same_innovations():
    count, data = 10, 8
    matrix = np.zeros((count * data, 1 + count))
    matrix[:, 0] = 1
    for i in range(count):
        matrix[i * data : (i + 1) * data, 1 + i] = 0.5
    rng = np.random.default_rng(4)
    observed = matrix @ rng.standard_normal(1 + count) + 0.3 * rng.standard_normal(len(matrix))
    blocks = [Block([0], slice(None))]
    blocks += [Block([1 + i], range(i * data, (i + 1) * data)) for i in range(count)]
    fitted = assimilate(
        prior(500, 1 + count),
        lambda x: x @ matrix.T,
        observed,
        np.full(len(matrix), 0.3),
        5,
        blocks=blocks,
    )
    mean, covariance = closed_form(matrix, observed, 0.3)
    away = (fitted.mean(axis=0) - mean) / np.sqrt(np.diag(covariance))
    assert np.sqrt(np.mean(away**2)) < 1.0
    assert (fitted @ matrix.T).mean(axis=0) == pytest.approx(matrix @ mean, abs=0.1)


@pytest.mark.parametrize("of", ["economies", "data", "members"])
def test_the_order_makes_no_difference_that_matters(of):
    matrix, observed, errors = separate(3, 2, 4, 0.3)
    before, rng = prior(2000, 6), np.random.default_rng(9)
    straight = assimilate(
        before, lambda x: x @ matrix.T, observed, errors, 5, blocks=economies(3, 2, 4)
    )
    columns, data, members = np.arange(6), np.arange(12), np.arange(2000)
    if of == "economies":
        columns, data = np.array([4, 5, 0, 1, 2, 3]), np.r_[8:12, 0:8]
    elif of == "data":
        data = np.concatenate([rng.permutation(4) + 4 * i for i in range(3)])
    else:
        members = rng.permutation(2000)
    shuffled = np.empty_like(before)
    shuffled[np.ix_(members, columns)] = assimilate(
        before[np.ix_(members, columns)],
        lambda x: x @ matrix[np.ix_(data, columns)].T,
        observed[data],
        errors[data],
        5,
        blocks=economies(3, 2, 4),
    )
    sd = straight.std(axis=0)
    assert np.abs((shuffled.mean(axis=0) - straight.mean(axis=0)) / sd).max() < 5 / np.sqrt(2000)
    assert shuffled.std(axis=0) / sd == pytest.approx(np.ones(6), abs=0.1)


# Random numbers


def test_the_same_seed_gives_the_same_bytes_and_leaves_the_prior_alone():
    matrix, observed, errors, *_ = linear(4, 7, 0.5)
    before = prior(60, 4)
    kept = before.copy()

    def predict(x):
        predicted = x @ matrix.T
        x[:] = 0  # a careless model
        return predicted

    one, two, other = (
        assimilate(before, predict, observed, errors, seed, blocks=ALL) for seed in (5, 5, 6)
    )
    assert one.tobytes() == two.tobytes()
    assert not np.allclose(one, other)
    assert np.array_equal(before, kept)


def test_perturbations_are_centred_and_may_have_exact_variance():
    assert perturbations(1, 1, 50, 9).mean(axis=0) == pytest.approx(np.zeros(9), abs=1e-14)
    exact = perturbations(1, 1, 50, 9, exact_variance=True)
    assert exact.mean(axis=0) == pytest.approx(np.zeros(9), abs=1e-14)
    assert exact.var(axis=0, ddof=1) == pytest.approx(np.ones(9))


def test_perturbations_differ_by_round_and_seed_and_stay_when_data_are_added():
    first = perturbations(1, 1, 50, 9)
    assert not np.allclose(first, perturbations(1, 2, 50, 9))
    assert not np.allclose(first, perturbations(2, 1, 50, 9))
    assert np.array_equal(first, perturbations(1, 1, 50, 20)[:, :9])


# What a report shows


def test_progress_tells_a_mismatch_that_falls_to_about_one():
    matrix, observed, errors, *_ = linear(4, 200, 0.3)
    told = []
    fitted = assimilate(
        prior(1000, 4),
        lambda x: x @ matrix.T,
        observed,
        errors,
        5,
        blocks=ALL,
        progress=lambda *count: told.append(count),
    )
    assert [count[:2] for count in told] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    misses = [count[2] for count in told] + [mismatch(fitted @ matrix.T, observed, errors)]
    assert misses == sorted(misses, reverse=True)
    assert misses[-1] == pytest.approx(1, abs=0.25)


def test_the_mismatch_is_in_units_of_error():
    predicted = np.array([[1.0, 2.0], [3.0, 2.0]])
    assert mismatch(predicted, np.array([2.0, 4.0]), np.array([1.0, 2.0])) == 1.0
    assert np.isnan(mismatch(np.empty((2, 0)), np.empty(0), np.empty(0)))


def test_spread_kept_is_the_ratio_of_deviations():
    before = np.column_stack([prior(50, 2), np.ones(50)])
    kept = spread_kept(before, before * [1.0, 0.25, 1.0])
    assert kept[:2] == pytest.approx([1.0, 0.25])
    assert np.isnan(kept[2])


# Wrong input


def test_predictions_that_are_not_finite_name_round_and_members():
    matrix, observed, errors, *_ = linear(2, 3, 0.5)
    calls = []

    def predict(x):
        calls.append(1)
        predicted = x @ matrix.T
        if len(calls) == 2:
            predicted[[3, 17], 1] = np.nan, np.inf
        return predicted

    with pytest.raises(InputError, match=r"round 2 of 4.*2 of 30 members: 3, 17$"):
        assimilate(prior(30, 2), predict, observed, errors, 5, blocks=ALL)


def test_many_members_that_fail_are_counted():
    def predict(x):
        return np.full((30, 1), np.nan)

    with pytest.raises(InputError, match=r"30 of 30 members: 0, 1, .*, 9 and 20 more"):
        assimilate(prior(30, 2), predict, np.zeros(1), np.ones(1), 5, blocks=ALL)


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ([Block(slice(0, 1), [0])], "parameters in no block: 1, 2"),
        ([], "parameters in no block: 0, 1, 2"),
        ([Block(slice(0, 3), [0]), Block([2], [1])], "in more than one block: 2"),
        ([Block([0, 1, 2, 2], [0])], "names a position twice"),
        ([Block([0, 1, 3], [0])], "positions are 0 to 2"),
        ([Block([0, 1, -1], [0])], "positions are 0 to 2"),
        ([Block(slice(0, 4), [0])], "goes beyond the 3 there are"),
        ([Block(slice(0, 3), [4])], r"blocks\[0\].data.*positions are 0 to 3"),
        ([Block(slice(0, 3), slice(2, 9))], "goes beyond the 4 there are"),
        ([Block(slice(0, 3), np.array([True, False, True, True]))], "list of whole numbers"),
        ([Block(slice(0, 3), [0, 0])], "names a position twice"),
    ],
)
def test_blocks_that_do_not_fit_are_refused(blocks, message):
    with pytest.raises(InputError, match=message):
        assimilate(prior(9, 3), lambda x: x, np.zeros(4), np.ones(4), 5, blocks=blocks)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"parameters": np.zeros(3)}, "parameters = .*needs \\(member, parameter\\)"),
        ({"parameters": np.zeros((1, 3))}, "two members or more"),
        ({"parameters": np.array([[0, 1, 2], [0, np.nan, 2]])}, "not finite in members 1"),
        ({"observed": np.array([0, np.nan, 1])}, "not finite at 1; leave out"),
        ({"observed": np.zeros(2)}, "one for each datum"),
        ({"error_sd": np.array([1.0, 0.0, -1.0])}, "above 0 at 1, 2"),
        ({"seed": -1}, "seed = -1"),
        ({"rounds": 0}, "rounds = 0"),
        ({"predict": lambda x: x[:, :2]}, r"shape \(9, 2\).*= \(9, 3\)"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(change, message):
    good = {
        "parameters": prior(9, 3),
        "predict": lambda x: x,
        "observed": np.zeros(3),
        "error_sd": np.ones(3),
        "seed": 5,
        "rounds": 4,
    }
    with pytest.raises(InputError, match=message):
        assimilate(**(good | change), blocks=ALL)
