"""Checks with the tools' own readers what `report_to` writes, and makes the fixtures of src/trainer/report/report.test.ts.

    pip install tensorboard mlflow-skinny "wandb<0.20" numpy
    python python/check_reports.py RUN_DIRECTORY      a run that was trained with `report_to: all`
    python python/check_reports.py --fixtures         writes test/fixtures/reports/theirs.*, and reads ours.tfevents
"""

import glob
import json
import math
import os
import sys

# MLflow 3.12 and newer read a file store only when they are told that it is meant.
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "..", "test", "fixtures", "reports")


def wire(value):
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def read_tensorboard(path):
    """Every scalar by tag, as TensorBoard's own EventAccumulator gives it."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    accumulator = EventAccumulator(path, size_guidance={"scalars": 0})
    accumulator.Reload()
    return {
        tag: [(event.step, wire(event.value)) for event in accumulator.Scalars(tag)]
        for tag in accumulator.Tags()["scalars"]
    }


def read_mlflow(store):
    from mlflow.store.tracking.file_store import FileStore

    files = FileStore(store)
    found = []
    for run in files.search_runs(["0"], "", 1):
        history = {key: files.get_metric_history(run.info.run_id, key) for key in run.data.metrics}
        found.append(
            {
                "name": run.info.run_name,
                "status": run.info.status,
                "params": run.data.params,
                "metrics": {
                    key: [(each.step, wire(each.value)) for each in sorted(values, key=lambda each: each.step)]
                    for key, values in history.items()
                },
            }
        )
    return found


def read_wandb(path):
    from wandb.proto import wandb_internal_pb2
    from wandb.sdk.internal.datastore import DataStore  # until wandb 0.19; later ones read it in Go

    store = DataStore()
    store.open_for_scan(path)
    history, run, summary, code = {}, None, {}, None
    while True:
        data = store.scan_data()
        if data is None:
            break
        record = wandb_internal_pb2.Record()
        record.ParseFromString(data)
        kind = record.WhichOneof("record_type")
        if kind == "run":
            run = {
                "id": record.run.run_id,
                "project": record.run.project,
                "name": record.run.display_name,
                "host": record.run.host,
                "config": {item.key: json.loads(item.value_json) for item in record.run.config.update},
                "start": record.run.start_time.ToDatetime().isoformat(),
            }
        elif kind == "history":
            for item in record.history.item:
                history.setdefault(item.key, []).append((record.history.step.num, json.loads(item.value_json)))
        elif kind == "summary":
            summary = {item.key: json.loads(item.value_json) for item in record.summary.update}
        elif kind == "exit":
            code = record.exit.exit_code
    return {"run": run, "history": history, "summary": summary, "exit": code}


def our_metrics(run):
    """Every number of events.jsonl, by name."""
    found = {}
    with open(os.path.join(run, "events.jsonl")) as file:
        for line in file:
            event = json.loads(line)
            if event["type"] != "metrics":
                continue
            for name, value in event["values"].items():
                found.setdefault(name, []).append((event["step"], value))
    return found


def close(mine, theirs, tolerance):
    assert [step for step, _ in mine] == [step for step, _ in theirs], (mine[:3], theirs[:3])
    for (_, a), (_, b) in zip(mine, theirs):
        assert a == b or abs(a - b) <= tolerance * max(1e-30, abs(a)), (a, b)


def check(run):
    ours = our_metrics(run)
    slashed = lambda name: "eval/" + name[5:] if name.startswith("eval_") else "train/" + name
    tensorboard = read_tensorboard(os.path.join(run, "tensorboard"))
    for name, values in ours.items():
        close(values, tensorboard[slashed(name)], 1e-6)
    print(f"tensorboard: {len(ours)} metrics, {sum(map(len, ours.values()))} numbers, as TensorBoard reads them")
    store = os.path.join(run, "..", "..", "mlruns")
    mine = [each for each in read_mlflow(store) if len(each["metrics"].get("loss", [])) == len(ours["loss"])]
    for name, values in ours.items():
        close(values, mine[0]["metrics"][name], 0)
    print(f"mlflow: {mine[0]['name']} {mine[0]['status']}, {len(mine[0]['params'])} parameters, as its FileStore reads them")
    (path,) = glob.glob(os.path.join(run, "wandb", "*", "*.wandb"))
    wandb = read_wandb(path)
    for name, values in ours.items():
        close(values, wandb["history"][slashed(name)], 0)
    print(f"wandb: {wandb['run']['name']} of {wandb['run']['project']}, started {wandb['run']['start']}, exit {wandb['exit']}")


def fixtures():
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.compat.proto.tensor_pb2 import TensorProto
    from tensorboard.summary.writer.event_file_writer import EventFileWriter
    import tempfile

    folder = tempfile.mkdtemp()
    writer = EventFileWriter(folder)
    expected = []
    for step, value in [(1, 0.5), (2, float("nan")), (70000, -1.25e-7)]:
        summary = Summary(value=[Summary.Value(tag="train/loss", simple_value=value)])
        writer.add_event(Event(wall_time=1.7e9 + step, step=step, summary=summary))
        expected.append(("train/loss", step, wire(Summary.Value(simple_value=value).simple_value)))
    for step, proto, value in [
        (3, TensorProto(dtype=1, float_val=[0.25]), 0.25),
        (4, TensorProto(dtype=2, double_val=[0.1]), 0.1),
        (5, TensorProto(dtype=1, tensor_content=b"\x00\x00\x80\x7f"), float("inf")),
        (6, TensorProto(dtype=7, string_val=[b"words"]), None),
    ]:
        summary = Summary(value=[Summary.Value(tag="eval/accuracy", tensor=proto)])
        writer.add_event(Event(wall_time=1.7e9 + step, step=step, summary=summary))
        if value is not None:
            expected.append(("eval/accuracy", step, wire(value)))
    writer.close()
    (path,) = glob.glob(os.path.join(folder, "*"))
    os.makedirs(FIXTURES, exist_ok=True)
    with open(path, "rb") as file, open(os.path.join(FIXTURES, "theirs.tfevents"), "wb") as out:
        out.write(file.read())
    with open(os.path.join(FIXTURES, "theirs.json"), "w") as out:
        json.dump(expected, out)
        out.write("\n")
    ours = read_tensorboard(os.path.join(FIXTURES, "ours.tfevents"))
    assert ours == {
        "train/loss": [(1, 0.75), (300, "Infinity")],
        "train/epoch": [(1, 0.25)],
        "eval/loss": [(300, "NaN")],
    }, ours
    print("ours.tfevents is read by TensorBoard as it is meant")


if __name__ == "__main__":
    fixtures() if sys.argv[1] == "--fixtures" else check(sys.argv[1])
