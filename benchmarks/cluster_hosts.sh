#!/bin/bash
# A batch on separate hosts: network namespaces joined by a bridge, each with an address of its own.
#   sudo PYTHON=.venv/bin/python benchmarks/cluster_hosts.sh     (Linux, root; about two minutes)
# Hosts: 10.77.0.1 scheduler, .2 and .3 workers, .4 client, .5 a worker that does not see the
# results folder. Shows: a batch; the same with a host that dies in the middle and comes back; the
# same by an exchange; a host that is cut off; what is said about a host without the folder.
set -euo pipefail

python=$(command -v "${PYTHON:-python}")
scenarios=(scenarios/carec-push.yaml)
members=${MEMBERS:-5120}
scheduler=tcp://10.77.0.1:8786
room=$(mktemp -d)
hosts=(1 2 3 4 5)
bridge=dgrbr0
export PYTHONPATH=${PYTHONPATH:-$PWD} PYTHONUNBUFFERED=1

on() { local host=$1; shift; ip netns exec "dgr$host" "$@"; }

# End every process of a host, as a power cut would.
kill_host() { for pid in $(ip netns pids "dgr$1"); do kill -KILL "$pid" 2>/dev/null || true; done; }

clean() {
    for host in "${hosts[@]}"; do
        kill_host "$host" 2>/dev/null || true
        ip netns delete "dgr$host" 2>/dev/null || true
    done
    ip link delete "$bridge" 2>/dev/null || true
    rm -rf "$room"
}
trap clean EXIT

start_hosts() {
    ip link add "$bridge" type bridge
    ip link set "$bridge" up
    for host in "${hosts[@]}"; do
        ip netns add "dgr$host"
        ip link add "dgrv$host" type veth peer name eth0 netns "dgr$host"
        ip link set "dgrv$host" master "$bridge" up
        on "$host" ip address add "10.77.0.$host/24" dev eth0
        on "$host" ip link set eth0 up
        on "$host" ip link set lo up
    done
}

start_worker() { # host
    on "$1" "$python" -m distributed.cli.dask_worker "$scheduler" --nthreads 1 --no-dashboard \
        --name "host$1" --local-directory "$room/host$1" >>"$room/host$1.log" 2>&1 &
}

batch() { # name, options
    local name=$1; shift
    echo "--- $name"
    on 4 "$python" benchmarks/cluster_batch.py "${scenarios[@]}" --members "$members" \
        --scheduler "$scheduler" --out "$room/$name" "$@" | tee "$room/$name.txt"
}

# Wait until a batch has so many parts.
await_parts() { # name, parts
    until [ "$(cat "$room/$1"/.digiregion/*/parts.jsonl 2>/dev/null | wc -l)" -ge "$2" ]; do
        sleep 0.1
    done
}

same() { # name
    if [ "$(tail -1 "$room/$1.txt")" = "$(tail -1 "$room/here.txt")" ]; then
        echo "same bytes as on one machine: yes"
    else
        echo "same bytes as on one machine: NO"; exit 1
    fi
}

start_hosts
mkdir -p "$room"/host{2,3,5}
echo "--- here, one process"
"$python" benchmarks/cluster_batch.py "${scenarios[@]}" --members "$members" --workers 1 \
    --out "$room/here" | tee "$room/here.txt"

on 1 "$python" -m distributed.cli.dask_scheduler --host 10.77.0.1 --port 8786 --no-dashboard \
    >"$room/host1.log" 2>&1 &
start_worker 2
start_worker 3
sleep 5

batch folder
same folder

batch exchange --exchange "file://$room/between" --parts-per-task 2
same exchange
echo "left in the exchange: $(ls -A "$room/between" | wc -l) files"

(await_parts killed 4; kill_host 3; echo "(host 3 killed)"; start_worker 3
 echo "(host 3 started again)"; wait) &
helper=$!
batch killed
same killed
kill "$helper" 2>/dev/null || true

(await_parts cut 4; ip link set dgrv2 down; echo "(host 2 cut off)") &
batch cut
same cut
ip link set dgrv2 up

# A host whose results folder is another one.
on 5 unshare --mount sh -c 'mount -t tmpfs none "$1"; shift; exec "$@"' - "$room" \
    "$python" -m distributed.cli.dask_worker "$scheduler" --nthreads 1 --no-dashboard \
    --local-directory /dev/shm >/dev/null 2>&1 &
sleep 6
batch unseen || true
