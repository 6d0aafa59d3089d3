//! A bridge to Open Collective with the real program: made by an address, tried, started, read by a server that is killed while it
//! reads.

use std::time::Duration;

use forge_double::{Collective, Demand, Dialect as Spoken, Fault, Rng, Server as Site, World};

use crate::http::Server;
use crate::run::{Place, Ran};

/// The rounds of every test run; `script/nightly` asks for more with `ROCHDALE_KILL_ROUNDS`.
const ROUNDS: u64 = 2;

fn site(gifts: u32) -> Site {
    let mut world = World::new(Spoken::GitHub);
    let mut account = Collective::new("our-coop");
    for number in 1..=gifts {
        let at = format!("2025-{:02}-{:02}T10:00:00Z", number / 28 % 12 + 1, number % 28 + 1);
        account.gift(number, "member-005", 500, "ONETIME", &at);
    }
    (world.collective, world.now) = (Some(account), 1_767_225_600);
    Site::start(world).unwrap()
}

impl Place {
    /// With a line of standard input.
    fn told(&self, arguments: &[&str], line: &str) -> Ran {
        self.write("line", format!("{line}\n"));
        let mut command = self.command(arguments);
        let output = command.stdin(std::fs::File::open(self.path("line")).unwrap()).output().unwrap();
        Ran::of(&output, arguments)
    }
}

#[test]
fn an_address_is_recognised_tried_and_read() {
    let place = Place::founded();
    let site = site(3);
    site.world().collective.as_mut().unwrap().token = "fixture-token".to_owned();
    let address = format!("{}/our-coop", site.url());
    let place_there = address.strip_prefix("http://").unwrap().replace(':', "_");
    // An address that is not understood is told with all that are, and nothing is asked of the network.
    place.unchanged(|| {
        for (address, why) in [
            ("https://forge.example/owner/name", "say which forge `forge.example` is"),
            ("nothing.csv", "understood are `owner/name`"),
            ("https://10.0.0.7/our-coop", "inside a network"),
            (address.as_str(), "not called in the clear"),
        ] {
            place.run(&["import", address, "--dir", "home"]).fails(2, why);
        }
        place.run(&["import", "git", "--dir", "home"]).fails(2, "give a kind and a file, in pairs");
        place.run(&["import", "members.csv", "--dir", "home"]).fails(2, "say which kind of file");
        place.run(&["import", "our-coop", "--dir", "home", "--replay"]).fails(2, "are for files");
        let far = ["import", "members-csv", "members.csv", "--dir", "home", "--token"];
        place.run(&far).fails(2, "a file needs none of them");
    });
    let import = ["import", &address, "--dir", "home", "--forge", "open-collective", "--reach", "loopback", "--token"];
    place
        .told(&import, "another")
        .fails(3, "is made; what would come could not be asked: Open Collective refuses the token");
    place.run(&["bridge", "remove", "home", &place_there]).quietly();
    let said = place.told(&import, "fixture-token").quietly();
    assert!(said.starts_with(&format!("This is Open Collective: the bridge to {place_there} is made")), "{said}");
    assert!(said.contains("6 recorded, 0 known already") && said.contains("transactions there in all: 3"), "{said}");
    assert!(said.contains("bridge go home") && !said.contains("webhooks"), "{said}");
    let tested = place.run(&["bridge", "test", "home", &place_there]).quietly();
    assert!(tested.contains("3 transactions can be read"), "{tested}");
    place.run(&["bridge", "secret", "home", &place_there]).fails(2, "no webhooks");
    place.run(&["bridge", "go", "home", &place_there]).quietly();
    assert_eq!(place.run(&["bridge", "read", "home", &place_there]).quietly(), "6 recorded\n");
    assert_eq!(place.run(&["bridge", "read", "home", &place_there]).quietly(), "0 recorded\n");
    let listed = place.run(&["bridge", "list", "home", "--json"]).ends(0).json();
    assert_eq!(
        (&listed["bridges"][0]["forge"], &listed["bridges"][0]["recorded"]),
        (&"open-collective".into(), &6.into())
    );
    assert!(!listed.to_string().contains("fixture-token"));
    let add =
        ["bridge", "add", "home", &address, "--forge", "open-collective", "--reach", "loopback", "--count", "commits"];
    place.run(&add).fails(2, "a collective has no issues");
    place.run(&["verify", "home"]).ends(0);
}

#[test]
fn kill_9_while_it_reads_records_each_gift_once() {
    let rounds = std::env::var("ROCHDALE_KILL_ROUNDS").map_or(ROUNDS, |number| number.parse().unwrap());
    // Each takes two seconds.
    let rounds = rounds.min(20);
    let place = Place::founded();
    let site = site(60);
    site.world().collective.as_mut().unwrap().most = 10;
    let address = format!("{}/our-coop", site.url());
    let far = ["--forge", "open-collective", "--reach", "loopback"];
    place.run(&[&["bridge", "add", "home", &address][..], &far].concat()).quietly();
    place.run(&["bridge", "go", "home", &address]).quietly();
    let mut rng = Rng::new(20_261_201);
    for _ in 0..rounds {
        let server = Server::start(&place, &[]);
        let slow = Demand { fault: Fault::Slow(40), times: 40, method: String::new(), path: "graphql".to_owned() };
        site.world().demands = vec![slow];
        // The first look at bridges comes two seconds after the start.
        std::thread::park_timeout(Duration::from_millis(1_950 + rng.below(400)));
        server.signal("-KILL");
    }
    site.world().demands.clear();
    place.run(&["bridge", "read", "home", &address]).quietly();
    let listed = place.run(&["bridge", "list", "home", "--json"]).ends(0).json();
    assert_eq!(listed["bridges"][0]["recorded"], 120, "a gift and its booking each");
    assert_eq!(place.run(&["bridge", "read", "home", &address]).quietly(), "0 recorded\n");
    place.run(&["verify", "home"]).ends(0);
}
