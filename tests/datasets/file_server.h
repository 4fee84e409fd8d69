#pragma once
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

/// A web server on 127.0.0.1 that has one file and the faults a test wants. It closes each
/// connection after one answer.
class FileServer {
 public:
  struct Faults {
    std::size_t cut_after = std::string::npos;  ///< bytes of the first answer's body that it sends
    bool ranges = true;                         ///< whether it understands Range
    std::string status = {};                    ///< "503 Busy": all it ever says
    bool endless = false;                       ///< goes on with the file until nobody listens
  };

  FileServer(std::string data, Faults faults) : data_(std::move(data)), faults_(std::move(faults)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, any, size) != 0 || getsockname(listener_, any, &size) != 0 ||
        listen(listener_, 8) != 0)
      throw std::runtime_error("127.0.0.1 has no port to listen at");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~FileServer() {
    shutdown(listener_, SHUT_RDWR);  // which ends the wait in accept
    thread_.join();
    close(listener_);
  }
  FileServer(const FileServer&) = delete;
  FileServer& operator=(const FileServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/file"; }

  /// "all", "from 600": what was asked for, in order. To be called when the client is done.
  const std::vector<std::string>& requests() const { return requests_; }

 private:
  void serve() {
    while (true) {
      const int connection = accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      answer(connection);
      close(connection);
    }
  }

  void answer(int connection) {
    std::string request(4096, '\0');
    const auto n = recv(connection, request.data(), request.size(), 0);
    if (n <= 0) return;
    request.resize(static_cast<std::size_t>(n));
    std::size_t from = 0;
    const std::string range = "Range: bytes=";
    if (const auto at = request.find(range); at != std::string::npos)
      from = std::stoul(request.substr(at + range.size()));
    requests_.push_back(from == 0 ? "all" : "from " + std::to_string(from));
    if (!faults_.status.empty()) {
      say(connection, "HTTP/1.1 " + faults_.status + "\r\nContent-Length: 4\r\n\r\nbusy");
      return;
    }
    if (!faults_.ranges) from = 0;
    if (faults_.endless) {
      say(connection, "HTTP/1.1 200 OK\r\n\r\n");
      while (say(connection, data_)) {
      }
      return;
    }
    if (from > 0 && from >= data_.size()) {
      say(connection, "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    std::string body = data_.substr(std::min(from, data_.size()));
    say(connection, (from == 0 ? "HTTP/1.1 200 OK\r\n"
                               : "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " +
                                     std::to_string(from) + "-" + std::to_string(data_.size() - 1) +
                                     "/" + std::to_string(data_.size()) + "\r\n") +
                        "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n");
    if (requests_.size() == 1) body.resize(std::min(body.size(), faults_.cut_after));
    say(connection, body);
  }

  /// False when nobody listens any more.
  static bool say(int connection, const std::string& text) {
    for (std::size_t sent = 0; sent < text.size();) {
      const auto n = send(connection, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) return false;
      sent += static_cast<std::size_t>(n);
    }
    return true;
  }

  std::string data_;
  Faults faults_;
  int listener_ = socket(AF_INET, SOCK_STREAM, 0);
  int port_ = 0;
  std::vector<std::string> requests_;
  std::thread thread_;
};
