//! The besieged server: `rochdale serve` as a process of its own, whose folder is a small disk in memory that can be filled.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::exit::Exit;

/// Mounts the disk where nobody else sees it, serves the folder there until the server ends, and takes a copy of all that is left.
const SCRIPT: &str = r#"
mount -t tmpfs -o size="$4" siege "$2" && cp -r "$1"/. "$2" || exit 3
"$0" serve "$2" --walk-in --listen 127.0.0.1:0 2>/dev/null &
echo "server $!"
wait $!
rm -f "$2/ballast"
cp -r "$2"/. "$3"
"#;
/// Free on the disk at the start, bytes.
const FREE: u64 = 96 * 1024 * 1024;

pub struct Ground {
    /// Holds the disk.
    shell: Child,
    server: u32,
    pub address: SocketAddr,
    /// The disk, as seen from outside.
    disk: PathBuf,
    /// The copy that is left.
    left: PathBuf,
}

impl Ground {
    /// Serves a copy of the co-op in `folder/before`.
    pub fn start(folder: &Path) -> Result<Ground, Exit> {
        let at = |name: &str| -> Result<PathBuf, Exit> {
            let path = folder.join(name);
            std::fs::create_dir_all(&path)?;
            Ok(path)
        };
        let (before, disk, left) = (at("before")?, at("disk")?, at("left")?);
        let mut shell = Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", SCRIPT])
            .arg(std::env::current_exe()?)
            .args([&before, &disk, &left])
            .arg((bytes_in(&before)? + FREE).to_string())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|why| Exit::world(format!("the small disk needs `unshare`: {why}")))?;
        let inside = format!("/proc/{}/root", shell.id());
        let disk = Path::new(&inside).join(disk.strip_prefix("/").unwrap_or(&disk));
        let mut lines = BufReader::new(shell.stdout.take().ok_or_else(|| Exit::world("no words"))?).lines();
        let (mut server, mut address) = (None, None);
        while server.is_none() || address.is_none() {
            let line = lines.next().ok_or_else(|| Exit::world("no server: may `unshare` mount a disk here?"))??;
            server = server.or(line.strip_prefix("server ").and_then(|pid| pid.parse().ok()));
            address = address.or(line.strip_prefix("listening on http://").and_then(|address| address.parse().ok()));
        }
        match (server, address) {
            (Some(server), Some(address)) => Ok(Ground { shell, server, address, disk, left }),
            _ => Err(Exit::world("no server")),
        }
    }

    /// A figure of the server's memory, MiB.
    pub fn memory(&self, figure: &str) -> u64 {
        super::super::memory_kib(&self.server.to_string(), figure) / 1024
    }

    /// Fills the disk to the last block.
    pub fn fill(&self) -> Result<(), Exit> {
        let mut ballast = std::fs::OpenOptions::new().create(true).append(true).open(self.disk.join("ballast"))?;
        for piece in [1 << 20, 4096] {
            while ballast.write_all(&vec![0; piece]).is_ok() {}
        }
        Ok(())
    }

    /// Gives the room back.
    pub fn free(&self) -> Result<(), Exit> {
        Ok(std::fs::remove_file(self.disk.join("ballast"))?)
    }

    /// Kills the server, which gets no word of it.
    pub fn kill(&self) -> Result<(), Exit> {
        Command::new("kill").args(["-KILL", &self.server.to_string()]).status()?;
        Ok(())
    }

    /// Waits for the end of the server; the folder that it left.
    pub fn left(mut self) -> Result<PathBuf, Exit> {
        if self.shell.wait()?.success() {
            Ok(self.left.clone())
        } else {
            Err(Exit::world("no copy of the folder is left"))
        }
    }
}

/// A run that broke off leaves no server.
impl Drop for Ground {
    fn drop(&mut self) {
        if matches!(self.shell.try_wait(), Ok(None)) {
            let _ = self.kill();
            let _ = self.shell.wait();
        }
    }
}

fn bytes_in(folder: &Path) -> Result<u64, Exit> {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        sum += if entry.file_type()?.is_dir() { bytes_in(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(sum)
}
